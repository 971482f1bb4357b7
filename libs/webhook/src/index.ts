export { isMachineAgent, type MachineAgent } from './machine-agent.ts';
export { mapItem } from './map-item.ts';
export { MAPPING_VERSION } from './mapping-version.ts';
export { parseSourceMapping, type ParsedMapping } from './parse-source-mapping.ts';
export type { Problem } from './problem.ts';
export {
  parseSignatureScheme,
  SIGNATURE_SCHEMES,
  type ParsedScheme,
  type SignatureScheme,
} from './signature-scheme.ts';
export * from './source-mapping.ts';
export { ITEM_DEPTH_LIMIT, ITEMS_LIMIT, splitDelivery, type Split } from './split-delivery.ts';
export { topicOf, type Headers } from './topic.ts';
export { TOLERANCE_MS, type Verdict } from './verdict.ts';
export type { SignedDelivery } from './signed-delivery.ts';
export { verifySignature } from './verify-signature.ts';
export { contentKey, type WebhookItem } from './webhook-item.ts';
