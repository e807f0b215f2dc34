import type { AppRequest, AppResponse, Delivery } from './delivery.ts'

/** What was sent to the app, what became of it (unknown for events), and the ms it took. */
export type DeliveryObserver = (request: AppRequest, response: AppResponse | undefined, ms: number) => void

/** A delivery with somebody listening. */
export const observeDelivery = (delivery: Delivery, onDelivery: DeliveryObserver, now: () => number): Delivery => ({
  ...delivery,
  request: async (request) => {
    const at = now()
    const response = await delivery.request(request)
    onDelivery(request, response, now() - at)
    return response
  },
  sendEvent: (request) => {
    delivery.sendEvent(request)
    onDelivery(request, undefined, 0)
  },
})
