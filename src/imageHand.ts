import { lendHand } from "./platform/hands.ts";
import { stageCalled } from "./providers/local/crew.ts";
// All stages of the local engine are declared by this.
import "./providers/local/restyle.ts";

/** A thread that helps the image worker draw local previews. */
lendHand(stageCalled);
