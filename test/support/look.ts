/** What a person would complain of in a page, measured in the browser: these functions run there. */
import type { Page } from 'playwright-core';

/** All of it, in words. Nothing, when the page is fine. */
export const faultsOf = (page: Page): Promise<string[]> => page.evaluate(look);

function look(): string[] {
  const { document, getComputedStyle, innerWidth } = globalThis as any;
  const faults: string[] = [];
  const all = (selector: string): any[] => [...document.querySelectorAll(selector)];
  const name = (element: any) => `${element.tagName} "${element.textContent.trim().slice(0, 40)}"`;
  const isShown = (element: any) => element.checkVisibility() && element.getClientRects().length > 0;

  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
  }

  // Luminance and contrast as in WCAG 2.2.
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [red, green, blue] = channels(colour).map((value) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    ) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string) => {
    const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  const backgroundOf = (element: any): string => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (channels(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const check = (element: any, colour: string, least: number) => {
    const ratio = contrast(colour, backgroundOf(element));
    if (ratio < least) faults.push(`${name(element)} has a contrast of ${ratio.toFixed(2)}`);
  };

  for (const element of all('body *')) {
    if (!isShown(element) || ['STYLE', 'title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node: any) => node.nodeType === 3 && node.data.trim() !== '');
    if (hasText) check(element, element.closest('svg') ? style.fill : style.color, 4.5);
    if (element.tagName === 'rect') check(element, style.fill, 3);
    if (element.tagName === 'polyline') check(element, style.stroke, 3);
    // What is wider than its box lies over what is beside it, or is cut off; only what is there to be scrolled may be.
    if (
      !element.closest('svg') &&
      !element.matches('.scroll') &&
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 0
    ) {
      faults.push(`${name(element)} is ${element.scrollWidth} wide in a box of ${element.clientWidth}`);
    }
  }

  for (const chart of all('svg.chart')) {
    const box = chart.getBoundingClientRect();
    if (box.width < 200 || box.height < 60) faults.push(`${chart.id} is ${box.width} by ${box.height}`);
    const room = chart.closest('figure').getBoundingClientRect();
    const texts = [...chart.querySelectorAll('text')].map((text: any) => [text, text.getBoundingClientRect()]);
    for (const [index, [text, { left, right, top, bottom, width }]] of texts.entries()) {
      if (width === 0) faults.push(`${name(text)} has no width`);
      // Letters reach a pixel beyond where their line ends.
      if (left < room.left - 2 || right > room.right + 2 || top < box.top - 2 || bottom > box.bottom + 2) {
        faults.push(
          `${name(text)} leaves its chart: ${left} to ${right}, ${top} to ${bottom}, of ${room.left} to ${room.right}, ${box.top} to ${box.bottom}`,
        );
      }
      for (const [other, there] of texts.slice(index + 1)) {
        const apart = there.left >= right || there.right <= left || there.top >= bottom - 2 || there.bottom <= top + 2;
        if (!apart) faults.push(`${name(text)} lies on ${name(other)}`);
      }
    }
  }
  return faults;
}
