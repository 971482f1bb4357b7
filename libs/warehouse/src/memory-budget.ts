import { totalmem } from 'node:os';

/**
 * Bytes the engine may use before it refuses a statement (error 241): half of what the machine or the container
 * has, because the collector and the state store live beside it.
 */
export function memoryBudget(): number {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return Math.floor((limit && limit < total ? limit : total) / 2);
}
