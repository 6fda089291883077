-- Stored logits. The bytes lie in the file baselines/{id} of the data directory, as they were uploaded; a file without a row is no baseline.
CREATE TABLE baselines (
    id TEXT PRIMARY KEY,
    -- What clients call it; never part of a path.
    name TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL CHECK (format IN ('npy', 'safetensors', 'kld', 'json-lines')),
    data_type TEXT NOT NULL,
    -- Which tensor of a safetensors file was asked for; null where the file tells.
    tensor TEXT,
    row_count BIGINT NOT NULL,
    vocabulary INT NOT NULL,
    chunk_rows INT,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- The next token of each row, 32 bits each, least significant byte first: the file baselines/{targets_id}, and the hash of it.
    targets_id TEXT,
    targets_sha256 TEXT,
    created_at BIGINT NOT NULL
);
