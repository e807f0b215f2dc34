import type { AppRequest, AppResponse, Delivery } from './delivery.ts'

/** Called with a request to the app, its response (undefined for events), and the duration in ms. */
export type DeliveryObserver = (request: AppRequest, response: AppResponse | undefined, ms: number) => void

/** Wraps a delivery so that an observer sees every request. */
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
