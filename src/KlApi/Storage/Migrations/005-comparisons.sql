-- Reports on logits. What each position contributed lies in the file comparisons/{id}, records of record_bytes; a file without a row is no comparison.
CREATE TABLE comparisons (
    id TEXT PRIMARY KEY,
    -- The name that the baseline had; null where both sides came with the request, and for merged reports.
    baseline TEXT,
    -- What p was: equal for comparisons with the same reference.
    reference_sha256 TEXT,
    row_count BIGINT NOT NULL,
    vocabulary INT NOT NULL,
    -- 0 where there are no positions: a merged report.
    record_bytes INT NOT NULL,
    -- JSON: the report as it was answered, and what it takes to put it together with others.
    report TEXT NOT NULL,
    summary TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
