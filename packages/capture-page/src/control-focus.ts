/**
 * Whether the person is at a control: at a list, or by keyboard or switch at anything. Where the browser does not tell keys
 * from fingers (Safari before 15.4), every focus counts.
 */
export function isAtControl(document: Document): boolean {
  const focused = document.activeElement;
  if (!focused?.matches('button, select, input')) return false;
  if (focused.matches('select')) return true;
  try {
    return focused.matches(':focus-visible');
  } catch {
    return true;
  }
}
