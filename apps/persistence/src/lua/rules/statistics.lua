-- Statistics: the counts of events, by minute, hour or day. It only reads.
--
-- arg.now     ms, or '' for the clock of Redis
-- arg.step    'minute', 'hour' or 'day'
-- arg.first   the first step, as a number of steps since 1970
-- arg.many    how many steps
--
-- Replies {{step, field, count, field, count, …}, …}, without the steps in which nothing was counted
--- @include clock
--- @include partition
--- @include roll-up

local now, step, first, many = clock(arg.now), arg.step, tonumber(arg.first), tonumber(arg.many)
local rolled, current = rolled_hour(), math.floor(now / HOUR)

local function sums_of(which)
  local sums = {}
  if step == 'minute' then
    add_up(sums, prefix .. 'k:' .. string.format('%d', which))
    return sums
  end
  add_up(sums, prefix .. (step == 'hour' and 'kh:' or 'kd:') .. string.format('%d', which))
  if not rolled then return sums end
  -- Hours that are not rolled up yet are added up from their minutes.
  local from = step == 'hour' and which or which * 24
  local to = step == 'hour' and which or which * 24 + 23
  for hour = math.max(from, rolled + 1), math.min(to, current) do add_up_hour(sums, hour) end
  return sums
end

local page = {}
for which = first, first + many - 1 do
  local entry = { string.format('%d', which) }
  for field, count in pairs(sums_of(which)) do
    entry[#entry + 1] = field
    entry[#entry + 1] = string.format('%d', count)
  end
  if #entry > 1 then page[#page + 1] = entry end
end
return page
