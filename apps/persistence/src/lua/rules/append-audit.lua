-- Append audit: adds an entry to a lane of the audit log, if the newest entry is still the one that was read.
--
-- KEYS[1] the stream   [2] the head: number and MAC of the newest entry, and a MAC over them
-- ARGV 1 the MAC of the newest entry as it was read, or ''   2 about how many entries are kept
--      3 how long an entry is kept, in ms   4 the new head   5… fields and values of the new entry
-- Replies 1 appended   0 another entry was added since

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local mac = ''
if last then
  for i = 1, #last[2], 2 do
    if last[2][i] == 'm' then mac = last[2][i + 1] end
  end
end
if mac ~= ARGV[1] then return 0 end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', unpack(ARGV, 5))
local ms = tonumber(string.match(id, '^%d+'))
local age = tonumber(ARGV[3])
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', math.max(0, ms - age)))
-- Both expire at one moment, because the clock stands still in a script.
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
return 1
