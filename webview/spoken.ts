import { noChange } from "lit";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";

/** What a control says of itself to assistive technology. */
export interface Spoken {
  /** Its name, where it has no `<label>`. */
  readonly label?: string;
  /** Empty where there is nothing to say. */
  readonly description: string;
  readonly isInvalid?: boolean;
  /** The key that does the same; absent where there is none. */
  readonly key?: string;
}

/**
 * Names and describes one of the toolkit's controls. What it draws lies in a tree of its own, which no id reaches into:
 * the element in there that has the focus is told the words themselves.
 */
class Speaking extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new TypeError("spoken() stands where an attribute would, not in one");
    }
  }

  override render(_spoken: Spoken): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [spoken]: [Spoken]): typeof noChange {
    // The control draws itself, and calls itself "Text area", as soon as it is in the page.
    queueMicrotask(() => tell(element, spoken));
    return noChange;
  }
}

function tell(host: Element, { label, description, isInvalid, key }: Spoken): void {
  const inner = host.shadowRoot?.querySelector("textarea, input, button") ?? host;
  set(inner, "aria-description", description);
  set(inner, "aria-keyshortcuts", key ?? "");
  if (label !== undefined) {
    host.setAttribute("aria-label", label);
  }
  if (isInvalid !== undefined) {
    host.setAttribute("aria-invalid", String(isInvalid));
    inner.setAttribute("aria-invalid", String(isInvalid));
  }
}

function set(element: Element, name: string, text: string): void {
  if (text === "") {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, text);
  }
}

/** `<vscode-button ${spoken({ description: "why" })}>` */
export const spoken = directive(Speaking);
