// Where Firefox is on this machine (Debian's package, or whatever FIREFOX names), and how it is driven: as it comes, by
// playwright-core over WebDriver BiDi, with no driver between them.
import { existsSync } from "node:fs";
import { firefox as driver, type Browser } from "playwright-core";

export function firefox(): string | undefined {
  const places = [
    process.env.FIREFOX,
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
  ];
  return places.find((path) => path && existsSync(path));
}

type Send = (method: string, parameters: object) => Promise<object>;

/**
 * The driver sets the media of every context, which Firefox before 154 has no command for; there a colour scheme is a
 * preference, and the command is left out.
 */
function withoutMedia(browser: Browser): void {
  const inside = browser as unknown as {
    _connection: { toImpl(browser: unknown): { _browserSession: { send: Send } } };
  };
  const session = inside._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (method, parameters) =>
    method === "emulation.setMediaFeaturesOverride" ? {} : await send(method, parameters);
}

/** Firefox with a new profile that prefers a colour scheme. */
export async function launchFirefox(colorScheme: "light" | "dark", scripts: boolean): Promise<Browser> {
  const browser = await driver.launch({
    channel: "moz-firefox",
    executablePath: firefox()!,
    headless: true,
    firefoxUserPrefs: {
      "layout.css.prefers-color-scheme.content-override": colorScheme === "dark" ? 0 : 1,
      "javascript.enabled": scripts,
    },
  });
  withoutMedia(browser);
  return browser;
}
