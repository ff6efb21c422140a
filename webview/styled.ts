import { noChange } from "lit";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";

/**
 * Sets CSS properties of an element one by one. A style attribute, which lit's own `styleMap` writes at first, is
 * refused by the page's content security policy.
 */
class Styled extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new TypeError("styled() stands where an attribute would, not in one");
    }
  }

  override render(_properties: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [properties]: [Readonly<Record<string, string>>]): typeof noChange {
    if (part.element instanceof HTMLElement) {
      for (const [name, value] of Object.entries(properties)) {
        part.element.style.setProperty(name, value);
      }
    }
    return noChange;
  }
}

/** `<div ${styled({ width: "50%" })}>`, with the properties' names as in CSS. */
export const styled = directive(Styled);
