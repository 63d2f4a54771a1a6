-- Append audit: adds entries to a lane of the audit log, one behind the other, if the newest entry is still
-- the one that was read. All of them are added, or none.
--
-- KEYS[1] the stream   [2] the head: number and MAC of the newest entry, and a MAC over them
-- arg.mac           the MAC of the newest entry as it was read, or ''
-- arg.mostEntries   about how many entries are kept
-- arg.keptMs        how long an entry is kept
-- arg.head          the head for the last of the new entries
-- For each new entry its fields (audit-chain.ts):
-- each.k            the kind of act
-- each.t            the tenant
-- each.g            what the act was done to
-- each.d            the sealed details
-- each.n            the number in its lane
-- each.p            the MAC of the entry before it, or ''
-- each.m            the MAC of the entry
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
local id
for at = each.k, #ARGV, each.width do
  local function field(first) return ARGV[at + first - each.k] end
  id = redis.call(
    'XADD', KEYS[1], 'MAXLEN', '~', arg.mostEntries, '*',
    'k', field(each.k), 't', field(each.t), 'g', field(each.g), 'd', field(each.d),
    'n', field(each.n), 'p', field(each.p), 'm', field(each.m)
  )
end
local ms = tonumber(string.match(id, '^%d+'))
local age = tonumber(arg.keptMs)
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', math.max(0, ms - age)))
-- Both expire at one moment, because the clock stands still in a script.
redis.call('PEXPIRE', KEYS[1], arg.keptMs)
redis.call('SET', KEYS[2], arg.head, 'PX', arg.keptMs)
return 1
