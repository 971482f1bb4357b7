import type { Ref, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { normaliseIdentifier } from '#touchpoint';
import { problem } from './access.ts';
import type { IdentifierBody } from './identity.dto.ts';

/**
 * Ref of an identifier that a body names by value or by stand-in. Throws 400 for one that names nothing and 404 for one
 * that nobody was seen with; `field` says which. The value is never told.
 */
export async function refOf(
  keys: KeyStore,
  workspace: Workspace,
  { namespace, value, anchor }: IdentifierBody,
  field: string,
): Promise<Ref> {
  if (anchor !== undefined) return anchor as Ref;
  if (namespace === undefined || value === undefined) {
    const errors = [{ field, message: 'needs namespace and value, or anchor' }];
    throw problem(400, 'the body has fields that cannot be taken', { errors });
  }
  const normalised = normaliseIdentifier(namespace, value);
  const ref =
    normalised.outcome === 'valid'
      ? await keys.find(workspace, { namespace, value: normalised.value })
      : undefined;
  if (ref === undefined || ref === 'suppressed') {
    throw problem(404, `nobody was seen with the identifier ${field}`);
  }
  return ref;
}
