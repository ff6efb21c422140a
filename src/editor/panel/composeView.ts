import { asFailure } from "../../engine/failure.ts";
import type { DetailedFacts, SourceFile } from "../../engine/ports.ts";
import { type FoundPreset, presetsIn, resolveRecipe, type SettingsLayer } from "../../engine/resolve.ts";
import { cropLoss, fitInto, shareOf, sizeFor } from "../../engine/size.ts";
import type {
  BlockView,
  ComposeView,
  FieldValue,
  FieldView,
  PartView,
  PresetView,
  SourcePlan,
  SourceView,
} from "../../protocol/compose.ts";
import { defaultModel, sizeName } from "../../recipe/models.ts";
import type { ParameterId } from "../../recipe/parameters.ts";
import { type FieldState, fieldStates, originWords, presetIfAny, presetInUse } from "./fieldStates.ts";
import { type PartId, type PlacedField, partTitles, placedFields } from "./formLayout.ts";
import type { Quote, QuotedOrder } from "./services.ts";

/** A chosen source and what is known of it so far. */
export interface KnownSource {
  readonly id: string;
  readonly file: SourceFile;
  /** Its folder as people know it. */
  readonly folder: string;
  /** Address for an `<img>`. */
  readonly uri: string;
  /** Settings that hold for it: the same list for those of the same folder. */
  readonly layers: readonly SettingsLayer[];
  readonly facts: DetailedFacts | null;
  readonly problem: string | null;
}

/** What the Compose view is made from. */
export interface ComposeFacts {
  /** Settings that the form shows. */
  readonly layers: readonly SettingsLayer[];
  /** See `Draft`. */
  readonly preset: string | null | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: readonly KnownSource[];
  readonly edit: number;
  readonly quote: (images: number, orders: readonly QuotedOrder[]) => Quote;
}

export function composeView(facts: ComposeFacts): ComposeView {
  const { layers, values, sources, edit } = facts;
  const { presets, preset, problem } = readPresets(facts);
  const states = fieldStates(layers, preset, values);
  const fields = placedFields().map((field) => fieldView(field, states.get(field.id)));
  const good = sources.filter((source) => source.problem === null);
  const statesOf = statesBySettings(facts, states);
  const orders = ordersOf(good.map((source) => statesOf(source.layers)));
  const results = orders.reduce((sum, order) => sum + order.results, 0);
  const { estimate, block, hint } = facts.quote(good.length, orders);
  return {
    sources: sources.map((source) => sourceView(source, statesOf(source.layers))),
    presets,
    preset: preset?.name ?? null,
    fields,
    parts: partViews(states),
    edit,
    price: { images: good.length, results, estimate },
    block: problem ?? blockOf(facts, fields, good.length) ?? block,
    hint,
  };
}

/** What holds for a picture: each is remixed by the settings of its own folder. */
function statesBySettings(
  { layers, preset, values }: ComposeFacts,
  states: States,
): (own: readonly SettingsLayer[]) => States {
  const known = new Map([[layers, states]]);
  return (own) => {
    const found = known.get(own) ?? fieldStates(own, presetIfAny(own, preset), values);
    known.set(own, found);
    return found;
  };
}

/** How many results are wanted at each speed. @param pictures what holds for each */
function ordersOf(pictures: readonly States[]): readonly QuotedOrder[] {
  const bySpeed = new Map<string, number>();
  for (const states of pictures) {
    const speed = String(states.get("renderingSpeed")?.value ?? "");
    bySpeed.set(speed, (bySpeed.get(speed) ?? 0) + numberOf(states, "numberResults"));
  }
  return [...bySpeed].map(([renderingSpeed, results]) => ({ renderingSpeed, results }));
}

interface ReadPresets {
  readonly presets: readonly PresetView[];
  readonly preset: FoundPreset | null;
  readonly problem: BlockView | null;
}

const presetPlaces: Readonly<Record<FoundPreset["layer"], string>> = {
  default: "built in",
  user: "user settings",
  workspace: "workspace settings",
  folder: "folder settings",
  preset: "",
  call: "",
};

function readPresets({ layers, preset }: ComposeFacts): ReadPresets {
  try {
    const all = [...presetsIn(layers).values()].toReversed();
    const presets = all.map(({ name, layer }) => ({ name, where: presetPlaces[layer] }));
    return { presets, preset: presetInUse(layers, preset), problem: null };
  } catch (error) {
    return { presets: [], preset: null, problem: { text: asFailure(error).message, actions: [] } };
  }
}

/** Why the recipe cannot be used; wrong values are also marked at their fields. */
function blockOf(
  { layers, preset, values, sources }: ComposeFacts,
  fields: readonly FieldView[],
  good: number,
): BlockView | null {
  const invalid = fields.find(({ problem }) => problem !== null);
  if (invalid?.problem !== null && invalid?.problem !== undefined) {
    return { text: `${invalid.label}: ${invalid.problem.text}`, actions: [] };
  }
  try {
    for (const own of new Set([layers, ...sources.map((source) => source.layers)])) {
      const resolved = resolveRecipe(own, { preset: preset === null ? "" : preset, recipe: values });
      if (resolved.values.positivePrompt === null) {
        return { text: "Write a prompt, or choose a preset that has one.", actions: [] };
      }
    }
  } catch (error) {
    return { text: asFailure(error).message, actions: [] };
  }
  return good === 0 && sources.length > 0
    ? { text: "None of the chosen pictures can be read.", actions: [] }
    : null;
}

function fieldView({ id, part, ...field }: PlacedField, state: FieldState | undefined): FieldView {
  const origin = state?.origin ?? "default";
  return {
    ...field,
    id,
    part,
    value: fieldValue(state?.value),
    origin: originWords[origin],
    changed: origin === "call",
    problem: state?.problem ?? null,
  };
}

/** What somebody wrote may be anything; what no control can show is shown as text. */
function fieldValue(value: unknown): FieldValue {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? value
    : JSON.stringify(value);
}

type States = ReadonlyMap<ParameterId, FieldState>;

function numberOf(states: States, id: ParameterId): number {
  const value = states.get(id)?.value;
  return typeof value === "number" ? value : 1;
}

function sourceView({ facts, file, ...source }: KnownSource, states: States): SourceView {
  return {
    ...source,
    name: file.name,
    stem: file.stem,
    plan: facts === null ? null : planFor(facts, states),
  };
}

/** What becomes of a source; a wrong size or fit is shown as the default. */
function planFor(facts: DetailedFacts, states: States): SourcePlan | null {
  const { sizes } = defaultModel;
  const wanted = states.get("size")?.value;
  const target = sizeFor(String(wanted), facts, sizes) ?? sizeFor("auto", facts, sizes);
  if (target === undefined) {
    return null;
  }
  const fit = states.get("fit")?.value === "pad" ? "pad" : "crop";
  const fitting = fitInto(facts, target, fit, facts.detail);
  const best = sizeFor("auto", facts, sizes) ?? target;
  const losses = sizes.map((size) => [sizeName(size), fit === "pad" ? 0 : cropLoss(facts, size)]);
  return {
    width: facts.width,
    height: facts.height,
    target: { width: target.width, height: target.height },
    option: sizeName(target),
    used: shareOf(fitting.source, facts),
    laid: shareOf(fitting.target, target),
    loss: fitting.loss,
    losses: { ...Object.fromEntries(losses), auto: fit === "pad" ? 0 : cropLoss(facts, best) },
  };
}

/** The closed parts, with what their fields hold in a few words. */
function partViews(states: States): readonly PartView[] {
  const ids = Object.keys(partTitles) as readonly PartId[];
  return ids.map((id) => {
    const fields = placedFields().filter(({ part }) => part === id);
    const words = fields.map((field) => summaryOf(field, states.get(field.id)?.value));
    return { id, title: partTitles[id], summary: words.filter((word) => word !== "").join(", ") };
  });
}

function summaryOf({ control, label }: PlacedField, value: unknown): string {
  switch (control.kind) {
    case "dropdown":
      return control.options.find((option) => option.value === value)?.title ?? "";
    case "images":
      return Array.isArray(value) && value.length > 0 ? String(value.length) : "none";
    case "flag":
      return value === true ? label.toLowerCase() : "";
    default:
      return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }
}
