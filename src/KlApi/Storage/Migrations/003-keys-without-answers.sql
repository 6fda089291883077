-- A first answer follows from the request, which comes again with the key, and from the job's id and time.
ALTER TABLE idempotency_keys DROP COLUMN answer;
