-- Append audit: adds an entry to a lane of the audit log, if the newest entry is still the one that was read.
--
-- KEYS[1] the stream   [2] the head: number and MAC of the newest entry, and a MAC over them
-- arg.mac           the MAC of the newest entry as it was read, or ''
-- arg.mostEntries   about how many entries are kept
-- arg.keptMs        how long an entry is kept
-- arg.head          the new head
-- For each field of the new entry:
-- each.field        its name
-- each.value        its value
--
-- Replies 1 appended   0 another entry was added since

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local mac = ''
if last then
  for i = 1, #last[2], 2 do
    if last[2][i] == 'm' then mac = last[2][i + 1] end
  end
end
if mac ~= arg.mac then return 0 end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', arg.mostEntries, '*', unpack(ARGV, each.field))
local ms = tonumber(string.match(id, '^%d+'))
local age = tonumber(arg.keptMs)
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', math.max(0, ms - age)))
-- Both expire at one moment, because the clock stands still in a script.
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
redis.call('SET', KEYS[2], arg.head, 'PX', arg.keptMs)
return 1
