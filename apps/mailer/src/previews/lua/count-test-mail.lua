-- Counts a test mail against several limits, if none of them is reached.
--
-- KEYS            one counter for each limit
-- For each limit:
-- each.most       how many
-- each.windowMs   in how many milliseconds
--
-- Replies 0 counted; else the milliseconds until the limit that is reached begins anew

for i, counter in ipairs(KEYS) do
  if tonumber(redis.call('GET', counter) or '0') >= tonumber(ARGV[each.most + each.width * (i - 1)]) then
    return math.max(1, redis.call('PTTL', counter))
  end
end
for i, counter in ipairs(KEYS) do
  if redis.call('INCR', counter) == 1 then redis.call('PEXPIRE', counter, ARGV[each.windowMs + each.width * (i - 1)]) end
end
return 0
