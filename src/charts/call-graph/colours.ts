import type { CallGraphState } from '../../incident/call-graph.ts'
import type { ThemeName } from '../theme.ts'

/** How one kind of service is painted. */
export type NodeColours = { fill: string; border: string; text: string; words: string }

/** What a picture of the call graph adds to the colours of a chart. */
export type CallGraphColours = Record<CallGraphState, NodeColours> & { call: string; newCall: string; trouble: string }

/** Red, orange and yellow differ in lightness as well, for readers who cannot tell the hues apart. */
export const COLOURS: Record<ThemeName, CallGraphColours> = {
  light: {
    likely: { fill: '#c5221f', border: '#8c1512', text: '#ffffff', words: '#ffffff' },
    possible: { fill: '#ffd9c2', border: '#c2410c', text: '#1d1c1d', words: '#7c2d12' },
    affected: { fill: '#fff3c4', border: '#a16207', text: '#1d1c1d', words: '#6b4a00' },
    usual: { fill: '#f4f5f6', border: '#b6babf', text: '#1d1c1d', words: '#55585c' },
    unmeasured: { fill: '#ffffff', border: '#b6babf', text: '#1d1c1d', words: '#55585c' },
    call: '#7b8086',
    newCall: '#6b4bb8',
    trouble: '#c5221f',
  },
  dark: {
    likely: { fill: '#e5534b', border: '#ffb3ad', text: '#1a0505', words: '#1a0505' },
    possible: { fill: '#5c2e14', border: '#ff9d5c', text: '#f2f3f4', words: '#ffcfa8' },
    affected: { fill: '#463a10', border: '#e3b341', text: '#f2f3f4', words: '#f2d98a' },
    usual: { fill: '#26292e', border: '#5b6167', text: '#f2f3f4', words: '#b3b8be' },
    unmeasured: { fill: '#1a1d21', border: '#5b6167', text: '#f2f3f4', words: '#b3b8be' },
    call: '#8d949b',
    newCall: '#c9a0ff',
    trouble: '#ff7b72',
  },
}
