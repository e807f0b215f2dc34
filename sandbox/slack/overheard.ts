import type { Delivery, Parcel, Receipt } from './deliver.ts'

/** What was sent to the app, what became of it (unknown for events), and the ms it took. */
export type Overhear = (parcel: Parcel, receipt: Receipt | undefined, ms: number) => void

/** A delivery with somebody listening. */
export const overheard = (delivery: Delivery, overhear: Overhear, now: () => number): Delivery => ({
  ...delivery,
  ask: async (parcel) => {
    const at = now()
    const receipt = await delivery.ask(parcel)
    overhear(parcel, receipt, now() - at)
    return receipt
  },
  tell: (parcel) => {
    delivery.tell(parcel)
    overhear(parcel, undefined, 0)
  },
})
