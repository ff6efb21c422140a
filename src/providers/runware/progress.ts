import { type ApiError, type ApiItem, errorIn } from "./envelope.ts";
import { type Problem, plainProblem, problemOf } from "./problem.ts";
import { withoutSecrets } from "./redact.ts";
import { hasPicture, type Tidings } from "./verdict.ts";

/** Replies in a row with failures and nothing in the making, before fewer results than asked for are believed. */
const repliesToBelieve = 2;

/** How far a task has come, put together from replies that each tell all of it, in any order and not always the same. */
export class Progress {
  readonly #asked: number;
  readonly #pictures = new Set<string>();
  readonly #pictureless = new Map<string, ApiItem>();
  #errors: readonly ApiError[] = [];
  #pending = 0;
  #seemsOver = 0;
  #last: Tidings | undefined;

  /** @param asked how many results were asked for, 1 to 20 */
  constructor(asked: number) {
    this.#asked = asked;
  }

  /** Takes in a reply. @returns the results that are new */
  take(tidings: Tidings): readonly ApiItem[] {
    this.#last = tidings;
    const fresh = tidings.items.filter((item) => hasPicture(item) && this.#isNew(item));
    const failed = tidings.items.filter(isFailed);
    const empty = tidings.items.filter(
      (item) => !hasPicture(item) && (item.status === "success" || isFinished(item)),
    );
    for (const item of empty) {
      this.#pictureless.set(keyOf(item), item);
    }
    for (const item of tidings.items.filter(hasPicture)) {
      this.#pictureless.delete(keyOf(item));
    }
    this.#errors = [...tidings.errors, ...failed.map(errorIn)];
    this.#pending = tidings.items.filter(isPending).length;
    const seemsOver = this.#errors.length > 0 && this.#pending === 0;
    this.#seemsOver = seemsOver ? this.#seemsOver + 1 : 0;
    return fresh;
  }

  #isNew(item: ApiItem): boolean {
    const key = keyOf(item);
    const { size } = this.#pictures;
    return this.#pictures.add(key).size > size;
  }

  /** Whether nothing more is to be expected. */
  get isComplete(): boolean {
    if (this.#pictures.size >= this.#asked) {
      return true;
    }
    if (this.#pending > 0) {
      return false;
    }
    const settled = this.#pictures.size + this.#pictureless.size + this.#errors.length;
    const isWholeTask = settled === this.#errors.length && settled > 0;
    return settled >= this.#asked || isWholeTask || this.#seemsOver >= repliesToBelieve;
  }

  /** Results that are said to be finished and have no picture. They may be charged. */
  get pictureless(): number {
    return this.#pictureless.size;
  }

  /** Why results are missing; undefined where nothing says why. */
  get problem(): Problem | undefined {
    if (this.#errors.length > 0) {
      // The status of the reply tells of the question, not of these errors.
      return problemOf(this.#errors, 200, this.#last?.details ?? "");
    }
    const [empty] = this.#pictureless.values();
    if (empty === undefined) {
      return undefined;
    }
    return empty.NSFWContent === true
      ? plainProblem("safety", "The result was flagged as unsafe and withheld.")
      : plainProblem("server", "a result came without its picture");
  }
}

function isFailed(item: ApiItem): boolean {
  const hasError = typeof item.error === "object" && item.error !== null;
  return !hasPicture(item) && (item.status === "error" || (item.status === undefined && hasError));
}

/** Whether an item without a picture has the mark of a finished one: the acknowledgement has no `imageUUID`. */
function isFinished({ imageUUID, status }: ApiItem): boolean {
  return imageUUID !== undefined && status === undefined;
}

function isPending(item: ApiItem): boolean {
  return !hasPicture(item) && item.status !== "success" && !isFailed(item) && !isFinished(item);
}

/** What a result is known by. All have an `imageUUID` according to the documentation. */
export function keyOf({ imageUUID, imageURL, imageBase64Data, imageDataURI }: ApiItem): string {
  // The query of an address may be another one each time.
  const address = imageURL === undefined ? undefined : withoutSecrets(imageURL);
  return imageUUID ?? address ?? imageBase64Data ?? imageDataURI ?? "";
}
