export { eraseOrders, type ErasedOrders } from './erase-orders.ts';
export { FACTS_MAX } from './kept-facts.ts';
export { foldOrder, loadOrders } from './fold-order.ts';
export { formatMoney, parseMoney } from './money.ts';
export { orderEventKind, type OrderEventKind } from './order-event.ts';
export { orderInputOf, type OrderInput } from './order-input.ts';
export { LINES_MAX, type OrderLine, type OrderLines } from './order-lines.ts';
export {
  ANCHOR_ORDERS,
  ORDER_LINES,
  orderKey,
  ORDERS,
  type LinesRow,
  type OrderFact,
  type OrderRow,
} from './order-rows.ts';
export { orderOf, type Order, type OrderFlag, type OrderItem, type OrderStatus } from './order.ts';
