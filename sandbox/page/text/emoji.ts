import { gemoji, nameToEmoji } from 'gemoji'

/** Common Slack emoji names that differ from GitHub's. */
const SLACK_NAMES: Record<string, string> = {
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_brown_circle: '🟤',
  large_red_square: '🟥',
  large_orange_square: '🟧',
  large_yellow_square: '🟨',
  large_green_square: '🟩',
  large_blue_square: '🟦',
  large_purple_square: '🟪',
  airplane_departure: '🛫',
  ballot_box_with_ballot: '🗳️',
  black_circle_for_record: '⏺️',
  black_square_for_stop: '⏹️',
  broken_chain: '⛓️‍💥',
  camera_with_flash: '📸',
  double_vertical_bar: '⏸️',
  eject: '⏏️',
  face_palm: '🤦',
  face_with_monocle: '🧐',
  face_with_rolling_eyes: '🙄',
  'female-firefighter': '👩‍🚒',
  'female-technologist': '👩‍💻',
  frame_with_picture: '🖼️',
  hugging_face: '🤗',
  ladybug: '🐞',
  lightning: '🌩️',
  linked_paperclips: '🖇️',
  'male-firefighter': '👨‍🚒',
  'male-technologist': '👨‍💻',
  mostly_sunny: '🌤️',
  octagonal_sign: '🛑',
  partly_sunny_rain: '🌦️',
  rain_cloud: '🌧️',
  robot_face: '🤖',
  rolled_up_newspaper: '🗞️',
  satellite_antenna: '📡',
  scales: '⚖️',
  speaking_head_in_silhouette: '🗣️',
  spiral_calendar_pad: '🗓️',
  spiral_note_pad: '🗒️',
  thinking_face: '🤔',
  thunder_cloud_and_rain: '⛈️',
  tornado_cloud: '🌪️',
  waving_black_flag: '🏴',
  waving_white_flag: '🏳️',
}

/** The character for `:name:`, or undefined when it is unknown. */
export const emojiOf = (name: string): string | undefined => {
  const bare = name.replace(/::skin-tone-\d$/, '')
  return SLACK_NAMES[bare] ?? nameToEmoji[bare]
}

/** Replaces known emoji `:names:` in plain text. */
export const withEmoji = (text: string) =>
  text.replace(/:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/g, (whole, name: string) => emojiOf(name) ?? whole)

/** Shown before anything is searched. */
const FREQUENT = [
  'eyes',
  '+1',
  'white_check_mark',
  'pushpin',
  'rotating_light',
  'fire',
  'mag',
  'memo',
  'tada',
  'pray',
  'heavy_plus_sign',
  'question',
  'hourglass_flowing_sand',
  'chart_with_upwards_trend',
  'chart_with_downwards_trend',
  'bug',
  'wrench',
  'rocket',
  'rewind',
  'star',
  'warning',
  'no_entry',
  'large_green_circle',
  'red_circle',
]

/** Emoji whose name or keywords contain the words, at most `limit`; the frequent ones for an empty query. */
export function findEmoji(words: string, limit = 48): { name: string; character: string }[] {
  const wanted = words.trim().toLowerCase().replaceAll(':', '').replaceAll(' ', '_')
  if (!wanted) return FREQUENT.map((name) => ({ name, character: emojiOf(name) ?? '' })).slice(0, limit)
  const own = Object.entries(SLACK_NAMES).map(([name, emoji]) => ({ names: [name], emoji, tags: [] as string[] }))
  const found = [...own, ...gemoji].filter(
    ({ names, tags }) => names.some((name) => name.includes(wanted)) || tags.some((tag) => tag.startsWith(wanted)),
  )
  const starts = (names: string[]) => (names.some((name) => name.startsWith(wanted)) ? 0 : 1)
  return found
    .sort((one, other) => starts(one.names) - starts(other.names))
    .slice(0, limit)
    .map(({ names, emoji }) => ({
      name: names.find((name) => name.startsWith(wanted)) ?? names[0] ?? '',
      character: emoji,
    }))
}
