/**
 * Defines the tables of version 1, as fauxgen created them before 0.1.0; later changes are steps in migrations.ts. Keys of
 * large tables grow with time (a rowid, with the public id in a unique index), because random clustered keys double the
 * cost of an insert. Timestamps are sandbox instants in milliseconds; JSON columns hold documents whose format belongs
 * to the layer that wrote them.
 */
export const FIRST_SCHEMA = `
CREATE TABLE store_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sandboxes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL,
  clock TEXT NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  name TEXT NOT NULL,
  UNIQUE (sandbox_id, name)
) STRICT;

CREATE TABLE account_states (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (account_id, vendor)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  hash TEXT PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_name TEXT NOT NULL,
  vendor TEXT,
  user TEXT NOT NULL,
  hint TEXT NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_by_sandbox ON keys (sandbox_id);

CREATE TABLE counters (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (account_id, vendor, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE generations (
  id INTEGER PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  kind TEXT NOT NULL,
  public_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  phase TEXT NOT NULL,
  next_at INTEGER,
  reads INTEGER NOT NULL DEFAULT 0,
  label TEXT,
  timeline TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (sandbox_id, vendor, public_id)
) STRICT;
CREATE INDEX generations_by_account ON generations (account_id, vendor, kind);
CREATE INDEX generations_active ON generations (account_id, vendor) WHERE phase IN ('queued', 'processing');

CREATE TABLE outputs (
  sandbox_id INTEGER NOT NULL,
  vendor TEXT NOT NULL,
  public_id TEXT NOT NULL,
  generation_row INTEGER NOT NULL REFERENCES generations ON DELETE CASCADE,
  PRIMARY KEY (sandbox_id, vendor, public_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outputs_by_generation ON outputs (generation_row);

CREATE TABLE resources (
  id INTEGER PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  kind TEXT NOT NULL,
  public_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (sandbox_id, vendor, kind, public_id)
) STRICT;
CREATE INDEX resources_by_account ON resources (account_id, vendor, kind);

CREATE TABLE idempotency_keys (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  public_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, vendor, operation, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload_slots (
  id INTEGER PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  token TEXT NOT NULL,
  content_type TEXT,
  max_bytes INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (sandbox_id, token)
) STRICT;
CREATE INDEX upload_slots_by_account ON upload_slots (account_id);

-- Ids are never used again: a transfer that outlives its row must not write into another's.
CREATE TABLE uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  token TEXT,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT,
  created_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX uploads_by_token ON uploads (sandbox_id, token) WHERE token IS NOT NULL;
CREATE INDEX uploads_by_sandbox ON uploads (sandbox_id, size);
CREATE INDEX uploads_by_account ON uploads (account_id);
CREATE INDEX uploads_incomplete ON uploads (id) WHERE completed_at IS NULL;

CREATE TABLE upload_chunks (
  upload_id INTEGER NOT NULL REFERENCES uploads ON DELETE CASCADE,
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (upload_id, position)
) STRICT;

CREATE TABLE scenarios (
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (sandbox_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rules (
  id INTEGER PRIMARY KEY,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  public_id TEXT NOT NULL,
  document TEXT NOT NULL,
  hits INTEGER NOT NULL DEFAULT 0,
  matches INTEGER NOT NULL DEFAULT 0,
  UNIQUE (sandbox_id, public_id)
) STRICT;

-- Ids are never used again: an answer that comes in after a reset must not be written into another's row.
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  vendor TEXT NOT NULL,
  public_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  generation_row INTEGER,
  event TEXT NOT NULL,
  url TEXT NOT NULL,
  receiver TEXT NOT NULL,
  label TEXT,
  created_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  next_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  yields INTEGER NOT NULL DEFAULT 0,
  document TEXT NOT NULL,
  UNIQUE (sandbox_id, public_id)
) STRICT;
CREATE INDEX deliveries_by_account ON deliveries (account_id);
CREATE INDEX deliveries_pending ON deliveries (sandbox_id, next_at) WHERE status = 'pending';
CREATE INDEX deliveries_yielding ON deliveries (sandbox_id, receiver) WHERE yields = 1;

CREATE TABLE delivery_attempts (
  delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
  number INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
`;
