/** The two themes of a chart. */
export type ThemeName = 'light' | 'dark'

export type Theme = {
  background: string
  /** Title and values. */
  text: string
  /** Axis labels, subtitle, legend. */
  muted: string
  grid: string
  /** The line that marks the start of the alert. */
  alert: string
  threshold: string
  /** Where a resource ends. */
  limit: string
  /** Lines that mark changes and status changes. */
  change: string
  status: string
  /** One colour per series, distinguishable for colour-blind readers; lines past the fourth are dashed as well. */
  lines: string[]
}

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    background: '#ffffff',
    text: '#1d1c1d',
    muted: '#55585c',
    grid: '#e6e7e9',
    alert: '#c5221f',
    threshold: '#8a5a00',
    limit: '#7a1f6a',
    change: '#6b4bb8',
    status: '#0f6b4a',
    lines: ['#1f5fd0', '#d9640b', '#0f8564', '#8b3fd1', '#0a8fb0', '#b8336a', '#7a6a00', '#5b6470'],
  },
  dark: {
    background: '#1a1d21',
    text: '#f2f3f4',
    muted: '#b3b8be',
    grid: '#34383e',
    alert: '#ff7b72',
    threshold: '#e3b341',
    limit: '#f49ac1',
    change: '#c9a0ff',
    status: '#4ecfa0',
    lines: ['#79a8ff', '#ffa25e', '#4ecfa0', '#c9a0ff', '#58cfe8', '#ff8fb8', '#d8c75a', '#bfc5cc'],
  },
}
