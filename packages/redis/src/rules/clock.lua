-- Clock: the time in ms. It is the clock of Redis, so that services with different clocks agree. All calls of
-- a run have the same time. Tests of a rule pass their own; `given` is '' or nil without one.

local moment
local function clock(given)
  if given and given ~= '' then return tonumber(given) end
  if not moment then
    local t = redis.call('TIME')
    moment = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
  end
  return moment
end
