import type { z } from "zod";
import { imageFaults } from "./imageFaults.ts";
import { refusalFaults } from "./refusalFaults.ts";
import { replyFaults } from "./replyFaults.ts";
import { requestFaults } from "./requestFaults.ts";
import { resultFaults } from "./resultFaults.ts";

/** Every fault by name. */
export const catalogue = {
  ...requestFaults,
  ...refusalFaults,
  ...resultFaults,
  ...replyFaults,
  ...imageFaults,
};

export type FaultName = keyof typeof catalogue;

/** What the fault `Name` takes besides `name` and `when`. */
export type FaultParameters<Name extends FaultName> = z.input<(typeof catalogue)[Name]["parameters"]>;
