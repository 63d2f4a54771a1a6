-- Sweeping: removes expired identities from the live ones, in bounded steps. Redis itself has deleted the
-- records.
--- @include partition
--- @include buckets
--- @include events

-- The last second whose list was swept. nil before the first sweep of a run.
local swept_until

-- Sweeps the lists of past seconds, at most `seconds` lists and `members` members. Returns the members that
-- were still live. Each of them has expired, and is recorded once.
local function sweep(now, seconds, members)
  local expired = {}
  local swept = redis.call('GET', prefix .. 'swept')
  if not swept then return expired end
  local second, last = tonumber(swept), math.floor(now / 1000) - 1
  -- Skip lists that are older than a day, because the buckets may have expired too.
  second = math.max(second, last - DAY / 1000)
  swept_until = second
  if second >= last then return expired end
  while second < last and seconds > 0 and members > 0 do
    local list = prefix .. 'x:' .. string.format('%d', second + 1)
    local batch = redis.call('LRANGE', list, 0, members - 1)
    for _, entry in ipairs(batch) do
      local member = string.sub(entry, 1, 16)
      if take_out(string.sub(entry, 17), member) then
        expired[#expired + 1] = member
        happened(now, 'expired', member)
      end
    end
    members = members - #batch
    if members > 0 then
      redis.call('DEL', list)
      second = second + 1
    else
      redis.call('LTRIM', list, #batch, -1)
    end
    seconds = seconds - 1
  end
  swept_until = second
  redis.call('SET', prefix .. 'swept', string.format('%d', second), 'PX', DAY)
  return expired
end

-- One bounded step a run, before something is added. It also records the second from which lists are swept.
-- A rule calls it before all other writes, because it begins with a SET, which a full Redis refuses. After a
-- deletion a full Redis would take all writes of the run.
local has_swept = false
local function sweep_once(now)
  if has_swept then return end
  local second = math.floor(now / 1000) - 1
  local is_first = redis.call('SET', prefix .. 'swept', string.format('%d', second), 'NX', 'PX', DAY)
  -- Not before: if that was refused, each call of the run has to be.
  has_swept = true
  if is_first then
    swept_until = second
    -- Nothing was registered or swept for longer than a number lives.
    forget_all()
  else
    sweep(now, 20, 20)
    redis.call('PEXPIRE', prefix .. 'swept', DAY)
  end
end

-- What a run adds to sweep lists, by the second of the list, and for how many ms its members live. It is
-- written once, at the end.
local to_sweep = {}

-- Adds an identity that expires then, in `ttl` ms, to the list of its second. It is never a list that was
-- swept already, even after the clock stepped back.
local function sweep_at(expires, ttl, member, bucket)
  local second = math.max(math.floor(expires / 1000), swept_until + 1)
  local entries = to_sweep[second]
  if not entries then
    entries = { ttl = ttl }
    to_sweep[second] = entries
  end
  entries[#entries + 1] = member .. bucket
  if entries.ttl < ttl then entries.ttl = ttl end
end

at_end[#at_end + 1] = function()
  for second, entries in pairs(to_sweep) do
    local list = prefix .. 'x:' .. string.format('%d', second)
    redis.call('RPUSH', list, unpack(entries))
    redis.call('PEXPIRE', list, text_of(entries.ttl + LONGEST))
  end
end
