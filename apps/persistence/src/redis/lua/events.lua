-- Events: what happens is told and counted in the same step as it happens.
--
--   events          stream, trimmed to about MOST_EVENTS: k what happened, i the identity (number digest and salt) or '', d sealed, or ''
--   k:<minute>      hash: how often each kind happened, and t1 … t11: how long people took from mail to number
--   rolled          the last hour that is summed up (roll-up.lua)

-- Upper bounds in seconds of t1 … t10; t11 is all that took longer.
local WAITS = { 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 }

local function tally(now, field)
  local key = space .. 'k:' .. string.format('%d', math.floor(now / 60000))
  if redis.call('HINCRBY', key, field, 1) > 1 then return end
  -- Once a minute for each kind is often enough to keep everything that is counted and told alive for a day.
  redis.call('PEXPIRE', key, LONGEST)
  redis.call('PEXPIRE', space .. 'events', LONGEST)
  local before = string.format('%d', math.floor(now / HOUR) - 1)
  redis.call('SET', space .. 'rolled', before, 'NX', 'PX', LONGEST + HOUR)
end

local function happened(now, kind, member, sealed)
  redis.call('XADD', space .. 'events', 'MAXLEN', '~', MOST_EVENTS, '*', 'k', kind, 'i', member, 'd', sealed or '')
  tally(now, kind)
end

local function tally_wait(now, record)
  local seconds, slot = (now - created_at(record)) / 1000, #WAITS + 1
  for i = #WAITS, 1, -1 do
    if seconds <= WAITS[i] then slot = i end
  end
  tally(now, 't' .. slot)
end
