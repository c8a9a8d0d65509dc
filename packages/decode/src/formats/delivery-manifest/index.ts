export { deliveryManifest } from './delivery-manifest-format.ts';
