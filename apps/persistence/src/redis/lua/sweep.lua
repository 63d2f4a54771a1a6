-- Sweep: one bounded step over one space.
--
-- ARGV 1 now in ms, or '' for Redis's clock   2 most seconds   3 most members
-- Replies {members that expired, …}

return sweep(clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
