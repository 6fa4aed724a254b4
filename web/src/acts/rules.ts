/** What a form checks before it is sent: what is asked for is filled in, and JSON can be read. The server decides the rest. */

/** A rule of an antd form that fails with what it says. */
export interface Check {
  validator: (rule: unknown, value: unknown) => Promise<void>;
}

/** Nothing but blanks, or nothing chosen, says nothing. */
export function isBlank(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

export const filled = (missing: string): Check => ({
  validator: (_, value) => (isBlank(value) ? fail(missing) : Promise.resolve()),
});

/** What is filled in together with another field is not left out alone. */
export const together = (other: () => unknown, missing: string): Check => ({
  validator: (_, value) => (isBlank(value) && !isBlank(other()) ? fail(missing) : Promise.resolve()),
});

/** An empty text is no JSON that could not be read: whether it may be empty is another question. */
export const readable = (invalid: (reason: string) => string): Check => ({
  validator: (_, text) => {
    if (isBlank(text)) return Promise.resolve();
    try {
      JSON.parse(String(text));
      return Promise.resolve();
    } catch (error) {
      return fail(invalid(error instanceof Error ? error.message : String(error)));
    }
  },
});

const fail = (said: string) => Promise.reject(new Error(said));
