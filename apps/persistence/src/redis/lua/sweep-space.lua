-- Sweeping: takes the index entries of expired identities away in bounded steps. Redis itself has deleted the records.

-- Works off the lists of seconds that are over; at most `seconds` of them and `members` members. Answers the members that were
-- still in the index: identities that expired, each told once.
local function sweep(now, seconds, members)
  local expired = {}
  local swept = redis.call('GET', space .. 'swept')
  if not swept then return expired end
  local second, last = tonumber(swept), math.floor(now / 1000) - 1
  -- Lists that are older than any life of a number have expired themselves.
  second = math.max(second, last - LONGEST / 1000)
  if second >= last then return expired end
  while second < last and seconds > 0 and members > 0 do
    local list = space .. 'x:' .. string.format('%d', second + 1)
    local batch = redis.call('LRANGE', list, 0, members - 1)
    for _, member in ipairs(batch) do
      if redis.call('ZREM', space .. 'index', member) == 1 then
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
  redis.call('SET', space .. 'swept', string.format('%d', second), 'PX', LONGEST)
  return expired
end

-- A bounded step before something is added: once a run. It also says from when on lists have to be worked off.
local has_swept = false
local function sweep_once(now)
  if has_swept then return end
  has_swept = true
  sweep(now, 20, 20)
  if not redis.call('SET', space .. 'swept', string.format('%d', math.floor(now / 1000) - 1), 'NX', 'PX', LONGEST) then
    redis.call('PEXPIRE', space .. 'swept', LONGEST)
  end
end
