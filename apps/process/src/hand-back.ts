/**
 * A process of a moment: hands the listening socket that it is given back as often as it is asked to. Each copy is
 * another descriptor of the same socket, which Node itself cannot make. It ends when it is let go of.
 */
process.on('message', (copies: number, socket: unknown) => {
  for (let i = 0; i < copies; i++) process.send?.(i, socket as never, { keepOpen: true });
});
