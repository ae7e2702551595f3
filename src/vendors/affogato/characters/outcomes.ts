/** Lists every response of the character routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { listing, on, refusing, withAsset } from "../provocations.ts";

const character = {
  asset_id: "{data.asset.id}",
  character_type: "realistic",
  name: "Ada",
  prompt: "a woman",
} as const;
const { name: _name, ...edited } = character;
const createCharacter: Provocation = { ...withAsset, ...on("POST", "/pub/v1/characters", character) };
const withCharacter = {
  ...withAsset,
  before: [...withAsset.before, on("POST", "/pub/v1/characters", character)],
} as const;
const updateCharacter: Provocation = { ...withCharacter, ...on("PUT", "/pub/v1/characters/{data.id}", edited) };

export const characterOutcomes: readonly Outcome[] = [
  { operation: "createCharacter", status: 201, source: "doc", provoke: createCharacter },
  {
    operation: "createCharacter",
    status: 400,
    code: "GE10",
    source: "inferred",
    provoke: { ...createCharacter, body: { ...character, asset_id: "ast_0000000000" } },
  },
  {
    operation: "createCharacter",
    status: 400,
    code: "GE11",
    source: "inferred",
    provoke: { ...createCharacter, times: 2 },
  },
  ...refusing("createCharacter", on("POST", "/pub/v1/characters", character)),
  {
    operation: "listCharacters",
    status: 200,
    source: "inferred",
    provoke: { ...withCharacter, ...on("GET", "/pub/v1/characters") },
  },
  ...listing("listCharacters", "/pub/v1/characters", "inferred").slice(1),
  { operation: "updateCharacter", status: 200, source: "inferred", provoke: updateCharacter },
  {
    operation: "updateCharacter",
    status: 404,
    code: "GE04",
    source: "inferred",
    provoke: { ...withAsset, ...on("PUT", "/pub/v1/characters/chr_0000000000", edited) },
  },
  ...refusing("updateCharacter", on("PUT", "/pub/v1/characters/chr_0000000000", edited)),
];
