-- Jobs as their users see them. Times are Unix milliseconds by the database's clock.
CREATE TABLE training_jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    specification TEXT NOT NULL,
    priority INT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'interrupted', 'succeeded', 'failed', 'cancelled')),
    -- Who may write: strictly increasing with every claim. A worker whose number is not the row's has lost the job.
    fence BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until BIGINT,
    cancel_requested INT NOT NULL DEFAULT 0,
    attempts INT NOT NULL DEFAULT 0,
    -- How many processes died in a row with this job running and no progress since.
    crashes INT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    step BIGINT NOT NULL DEFAULT 0,
    total_steps BIGINT,
    eta_seconds DOUBLE PRECISION,
    metrics TEXT,
    elapsed_ms BIGINT NOT NULL DEFAULT 0,
    last_event BIGINT NOT NULL DEFAULT 0,
    result TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX training_jobs_by_state ON training_jobs (state, priority DESC, id);
CREATE INDEX training_jobs_by_kind ON training_jobs (kind, id);

-- The whole state of a run, replaced as one value.
CREATE TABLE job_checkpoints (
    job_id TEXT PRIMARY KEY REFERENCES training_jobs (id) ON DELETE CASCADE,
    fence BIGINT NOT NULL,
    step BIGINT NOT NULL,
    data BLOB NOT NULL
);

-- What happened, in order; metrics are noted once per step, also when a resumed run takes the step again.
CREATE TABLE job_events (
    job_id TEXT NOT NULL REFERENCES training_jobs (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('status', 'progress', 'metric')),
    step BIGINT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);

CREATE TABLE job_artifacts (
    job_id TEXT NOT NULL REFERENCES training_jobs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (job_id, name)
);

-- One line per claim: who ran what, from which step, and how it ended.
CREATE TABLE job_runs (
    job_id TEXT NOT NULL REFERENCES training_jobs (id) ON DELETE CASCADE,
    fence BIGINT NOT NULL,
    owner TEXT NOT NULL,
    from_step BIGINT NOT NULL,
    to_step BIGINT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (job_id, fence)
);

CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    job_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
