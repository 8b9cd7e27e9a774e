import { createColors } from 'picocolors';

/** Colours a status: green when done, red when wrong, yellow while it waits, cyan at work. */
export function statusPainter(withColors: boolean): (status: string, text: string) => string {
  const { green, red, yellow, cyan, dim } = createColors(withColors);
  return (status, text) => {
    switch (status) {
      case 'COMPLETE':
        return green(text);
      case 'ERROR':
        return red(text);
      case 'WAITING':
      case 'DELAYED':
        return yellow(text);
      case 'PENDING':
        return dim(text);
      default:
        return cyan(text);
    }
  };
}
