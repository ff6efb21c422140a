/** What carries messages; they arrive in order, or not at all. */
export interface Transport {
  /** May do nothing when nobody is there. */
  post(message: unknown): void;
  /** @returns ends it */
  listen(receive: (message: unknown) => void): () => void;
}

/** One end of the line between panel and extension, the same for both. */
export class Endpoint<Out, In> {
  readonly #transport: Transport;
  readonly #stopListening: () => void;
  #isOpen = true;

  /**
   * @param parse returns undefined for what is not a message of the other end: it is dropped
   */
  constructor(
    transport: Transport,
    parse: (message: unknown) => In | undefined,
    receive: (message: In) => void,
  ) {
    this.#transport = transport;
    this.#stopListening = transport.listen((message) => {
      const parsed = this.#isOpen ? parse(message) : undefined;
      if (parsed !== undefined) {
        receive(parsed);
      }
    });
  }

  /** Does nothing after `dispose`. */
  send(message: Out): void {
    if (this.#isOpen) {
      this.#transport.post(message);
    }
  }

  dispose(): void {
    this.#isOpen = false;
    this.#stopListening();
  }
}

/** The number of a whole state, given when it is sent. */
export type Unnumbered<State extends { readonly number: number }> = Omit<State, "number">;

/**
 * Sends whole states, numbered, to a page that comes and goes: nothing before it says that it is ready, then the
 * newest; and the newest again whenever it was loaded anew.
 */
export class StateSender<State extends { readonly number: number }> {
  readonly #send: (state: State) => void;
  #number = 0;
  #newest: State | undefined;
  #isReady = false;

  constructor(send: (state: State) => void) {
    this.#send = send;
  }

  /** The page has been loaded. */
  ready(): void {
    this.#isReady = true;
    if (this.#newest !== undefined) {
      this.#send(this.#newest);
    }
  }

  update(state: Unnumbered<State>): void {
    this.#number += 1;
    this.#newest = { ...state, number: this.#number } as State;
    if (this.#isReady) {
      this.#send(this.#newest);
    }
  }
}
