-- Identities: removing them, and finding them by address.
--- @include partition
--- @include buckets

-- Deletes an identity: its record, its bucket entry and the pointer of its address. The log of the address
-- stays, because limits outlive numbers.
local function remove(digest, record)
  redis.call('DEL', prefix .. 'n:' .. digest)
  take_out(bucket_of(record), digest .. salt_of(record))
  local address = prefix .. 'a:' .. address_of(record)
  local value = redis.call('GET', address)
  if value and string.sub(value, 1, 12) == digest then
    if #value == 12 then redis.call('DEL', address) else redis.call('SETRANGE', address, '0', NOBODY) end
  end
end

-- The live identity that an address's pointer names. Returns its number digest and record, or nil. `first`
-- and `width`: the column of the address digests. The pointer may outlive the identity, and its number may
-- belong to another one by now, so the record must name the address.
local function live_of(pointer, first, width)
  if #pointer < 12 or pointer == NOBODY then return nil end
  local record = redis.call('GET', prefix .. 'n:' .. pointer)
  if record and is_in_column(address_of(record), first, width) then return pointer, record end
  return nil
end

-- The same for the key of an address.
local function live_at(address_key, first, width)
  return live_of(redis.call('GETRANGE', address_key, '0', '11'), first, width)
end

-- Returns the name of a key by the newest digest in a column. After a change of the key ring the key may
-- still have the name of another digest. Then it is renamed, so that an address has one pointer and one log.
local function rekey(kind, first, width)
  local mine = prefix .. kind .. ARGV[first]
  for at = first + width, #ARGV, width do
    local other = prefix .. kind .. ARGV[at]
    if redis.call('EXISTS', other) == 1 then
      if redis.call('EXISTS', mine) == 0 then
        redis.call('RENAME', other, mine)
      else
        if kind == 'a:' then
          local digest, record = live_at(other, first, width)
          if digest then remove(digest, record) end
        end
        redis.call('DEL', other)
      end
    end
  end
  return mine
end
