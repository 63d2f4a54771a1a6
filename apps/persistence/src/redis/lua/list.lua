-- List: one page of live identities, newest first.
--
-- ARGV 1 how many   2 createdAt of the entry before the page, or '' for the first page   3 its member, or ''
-- Replies {live identities, next createdAt or '', next member, createdAt, member, record, createdAt, member, record, …}
--         where "next" is set when the step was bounded before the page was full: go on from there.

local MOST_LOOKED_AT = 2000
local want, after, after_member = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local page = { redis.call('ZCARD', space .. 'index'), '', '' }
local from, found, offset = after == '' and '+inf' or after, 0, 0

-- Byte by byte, as the sorted set orders; Lua's own "<" follows the server's locale.
local function stands_before(a, b)
  for i = 1, #a do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return false
end

while found < want do
  local size = want + 8
  local entries = redis.call('ZREVRANGEBYSCORE', space .. 'index', from, '-inf', 'WITHSCORES', 'LIMIT', offset, size)
  for i = 1, #entries, 2 do
    local member, created = entries[i], entries[i + 1]
    -- Entries of one moment stand in descending order of their members.
    if found < want and (after == '' or tonumber(created) < tonumber(after) or stands_before(member, after_member)) then
      local record = redis.call('GET', space .. 'n:' .. string.sub(member, 1, 12))
      -- An entry may outlive its record by a moment, until it is swept.
      if record and salt_of(record) == string.sub(member, 13) then
        found = found + 1
        for _, value in ipairs({ created, member, record }) do page[#page + 1] = value end
      end
    end
  end
  if #entries < 2 * size then break end
  offset = offset + size
  if offset >= MOST_LOOKED_AT and found < want then
    page[2], page[3] = entries[#entries], entries[#entries - 1]
    break
  end
end
return page
