-- Uploaded tables. The bytes lie in the file datasets/{id} of the data directory; a file without a row is no dataset.
CREATE TABLE datasets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('csv', 'npy', 'ndjson', 'text')),
    -- For CSV: whether the client said that the first row names the columns (1) or does not (0); null where the data tells.
    header INT,
    row_count BIGINT NOT NULL,
    column_count INT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- JSON: the columns with name, type and number of missing cells.
    columns_json TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
