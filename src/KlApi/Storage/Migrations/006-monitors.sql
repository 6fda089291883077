-- References that batches are compared with: what is kept of their columns, not the data.
CREATE TABLE monitors (
    id TEXT PRIMARY KEY,
    -- What the client called it; only ever shown.
    name TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    column_count INT NOT NULL,
    -- JSON: what counts as drift, and the profile of each column.
    options TEXT NOT NULL,
    profile TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What came of each batch, in the order of arrival. A key that a client sent belongs to the one batch that it made.
CREATE TABLE monitor_batches (
    monitor_id TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    label TEXT,
    time BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    -- JSON: the report as it was answered.
    report TEXT NOT NULL,
    idempotency_key TEXT,
    request_hash TEXT,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (monitor_id, number)
);
CREATE UNIQUE INDEX monitor_batches_by_key ON monitor_batches (monitor_id, idempotency_key);
