import { chromium } from "playwright-core";
import { ensureChromium } from "../harness/chromium.ts";

/** A PNG of a whole page, `width` pixels wide. */
export async function photograph(page: string, width: number): Promise<Buffer> {
  const browser = await chromium.launch({ executablePath: ensureChromium() });
  try {
    const view = await browser.newPage({ viewport: { width, height: 100 } });
    await view.goto(`file://${page}`);
    return await view.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}
