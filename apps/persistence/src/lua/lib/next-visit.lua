-- Next visit: when the sweep has work in this partition again.
--- @include partition
--- @include buckets
--- @include roll-up

-- Lists of so many coming seconds are looked for, and so many identities are looked at one by one.
local SECONDS, IDENTITIES = 60, 64

-- The first of the coming seconds that has a list, or nil.
local function first_list(swept)
  local names = {}
  for i = 1, SECONDS do names[i] = prefix .. 'x:' .. text_of(swept + i) end
  if redis.call('EXISTS', unpack(names)) == 0 then return nil end
  for i = 1, SECONDS do
    if redis.call('EXISTS', names[i]) == 1 then return swept + i end
  end
end

-- The second in which the first of few live identities expires, or nil when all of them have ended.
local function first_expiry()
  local first
  for _, bucket in ipairs(redis.call('ZRANGE', prefix .. 'index', 0, -1)) do
    for _, member in ipairs(redis.call('LRANGE', prefix .. 'i:' .. bucket, 0, -1)) do
      local record = redis.call('GETRANGE', prefix .. 'n:' .. string.sub(member, 1, 12), 0, 17)
      if #record == 18 then
        local expires = created_at(record) + struct.unpack('>I4', record, 15)
        first = math.min(first or expires, expires)
      end
    end
  end
  return first and math.floor(first / 1000)
end

-- The time in ms, or nil when nothing is left to do.
local function next_visit(now, roll_up_delay)
  local rolled, hour, swept = rolled_hour(), math.floor(now / HOUR), redis.call('GET', prefix .. 'swept')
  if rolled and rolled < hour - 1 then return now end
  local at
  if swept then
    swept = tonumber(swept)
    if swept < math.floor(now / 1000) - 1 then return now end
    local second = first_list(swept)
    local live = not second and live_count() or 0
    if live > 0 and live <= IDENTITIES then second = first_expiry() end
    if live > 0 and not second then second = swept + SECONDS end
    -- A list is swept when its second is over.
    if second then at = math.max(second + 1, swept + 2) * 1000 end
  end
  if rolled then
    local minutes = {}
    for minute = hour * 60, math.floor(now / 60000) do minutes[#minutes + 1] = prefix .. 'k:' .. text_of(minute) end
    local after = (hour + 1) * HOUR + roll_up_delay
    if redis.call('EXISTS', unpack(minutes)) > 0 then at = math.min(at or after, after) end
  end
  return at
end
