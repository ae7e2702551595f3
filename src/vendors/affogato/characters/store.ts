/** Characters: faces of the account's, made from an asset, by which images show the same person. */
import { z } from "zod";
import { documentKind, type Owner, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { invalidCharacter, notFound } from "../errors.ts";
import { nextId } from "../ids.ts";

export const characterTypes = ["realistic", "stylized"] as const;

/** How a character is stored. */
const characterDocument = z.strictObject({
  character_type: z.enum(characterTypes),
  name: z.string(),
  prompt: z.string(),
  /** Names the file of the asset that it was made from among the uploads. */
  token: z.string(),
});

type CharacterDocument = z.output<typeof characterDocument>;

export interface Character extends CharacterDocument {
  readonly id: string;
}

const characters = documentKind("affogato", "character", characterDocument);

/** Throws `Invalid character` for a name that another of the account's characters has [doc: names are unique]. */
export function createCharacter(owner: Owner, document: CharacterDocument): Character {
  return owner.sandbox.write(() => {
    if (listCharacters(owner).some(({ name }) => name === document.name))
      throw invalidCharacter(`A character named ${document.name} exists already`);
    return characterOf(characters.insert(owner, nextId(owner.account, "chr"), document));
  });
}

/** Changes everything but the name, which the body of an edit does not have [doc]. Throws 404. */
export function editCharacter(owner: Owner, id: string, change: Omit<CharacterDocument, "name">): Character {
  const { sandbox } = owner;
  return sandbox.write(() => {
    const found = characters.findOwn(owner, id);
    if (found === undefined) throw notFound("Character");
    return characterOf(characters.replace(sandbox, found, { ...change, name: found.document.name }));
  });
}

export function findOwnCharacter(owner: Owner, id: string): Character | undefined {
  const found = characters.findOwn(owner, id);
  return found === undefined ? undefined : characterOf(found);
}

/** The account's characters, newest first [inferred]. */
export function listCharacters({ sandbox, account }: Owner): Character[] {
  return characters.ofAccount(sandbox, account).map(characterOf).reverse();
}

function characterOf({ id, document }: StoredDocument<CharacterDocument>): Character {
  return { ...document, id };
}
