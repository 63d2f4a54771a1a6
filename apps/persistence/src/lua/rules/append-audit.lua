-- Append to the audit log, if the entry that was read as its last one still is.
--
-- KEYS[1] the stream   ARGV 1 the MAC of its last entry as it was read, or ''   2 how many entries are kept, about
--                           3 and on: fields and values of the new entry
-- Replies 1 appended   0 another entry has come since

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local mac = ''
if last then
  for i = 1, #last[2], 2 do
    if last[2][i] == 'm' then mac = last[2][i + 1] end
  end
end
if mac ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', unpack(ARGV, 3))
return 1
