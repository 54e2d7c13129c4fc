/* Arrays whose keys are a fixed list of names. */
#include "php.h"

/* The values of an array under these names, NULL where there is none. Usually the keys are the very strings that the names are, in the
 * same order: then this compares pointers only. A name that comes twice (only if not `plain`) has its value twice. */
void steelwool_fields_match(HashTable *array, zend_string **names, uint32_t count, bool plain, zval **found) {
	zend_string *key;
	zval *value;
	uint32_t at = 0;
	memset(found, 0, sizeof(zval *) * count);
	ZEND_HASH_FOREACH_STR_KEY_VAL(array, key, value) {
		if (key == NULL) {
			continue;
		}
		if (EXPECTED(at < count) && EXPECTED(names[at] == key) && plain) {
			found[at++] = value;
			continue;
		}
		for (uint32_t i = 0; i < count; i++) {
			if (zend_string_equals(names[i], key)) {
				found[i] = value;
				at = i + 1;
				if (plain) {
					break;
				}
			}
		}
	} ZEND_HASH_FOREACH_END();
}

/* An array of these names and values, which it takes over. `plain`: no name is a number, and none comes twice. */
zend_array *steelwool_fields_row(zend_string **names, zval *values, uint32_t count, bool plain) {
	zend_array *row = zend_new_array(count);
	if (!plain) {
		for (uint32_t i = 0; i < count; i++) {
			zend_symtable_update(row, names[i], &values[i]);
		}
		return row;
	}
	zend_hash_real_init_mixed(row);
	for (uint32_t i = 0; i < count; i++) {
		_zend_hash_append(row, names[i], &values[i]);
	}
	return row;
}

/* An array for the process, of these permanent names without values, for `steelwool_row_like`. */
zend_array *steelwool_shape(zend_string **names, uint32_t count) {
	zend_array *shape = pemalloc(sizeof(zend_array), 1);
	zval null;
	ZVAL_NULL(&null);
	zend_hash_init(shape, count, NULL, NULL, 1);
	zend_hash_real_init_mixed(shape);
	for (uint32_t i = 0; i < count; i++) {
		zend_hash_add_new(shape, names[i], &null);
	}
	return shape;
}

/* An array with the names of a shape and these values, one for each, which it takes over. */
zend_array *steelwool_row_like(zend_array *shape, zval *values) {
	zend_array *row = zend_new_array(shape->nTableSize);
	void *data = emalloc(HT_SIZE(shape));
	memcpy(data, HT_GET_DATA_ADDR(shape), HT_USED_SIZE(shape));
	row->nTableMask = shape->nTableMask;
	HT_SET_DATA_ADDR(row, data);
	HT_FLAGS(row) = HASH_FLAG_STATIC_KEYS;
	row->nNumUsed = row->nNumOfElements = shape->nNumUsed;
	for (uint32_t i = 0; i < row->nNumUsed; i++) {
		/* beside the value is the table's chain of keys, which stays */
		ZVAL_COPY_VALUE(&row->arData[i].val, &values[i]);
	}
	return row;
}

/* An array with room for this many named entries. */
zend_array *steelwool_named(uint32_t room) {
	zend_array *array = zend_new_array(room);
	zend_hash_real_init_mixed(array);
	return array;
}

/* Adds a name that is no number and not there yet; the array takes the value over. */
void steelwool_named_add(HashTable *array, zend_string *name, zval *value) {
	const uint32_t other = HASH_FLAG_PACKED | HASH_FLAG_UNINITIALIZED;
	if (EXPECTED(array->nNumUsed < array->nTableSize) && !(HT_FLAGS(array) & other)) {
		_zend_hash_append(array, name, value);
	} else {
		zend_hash_add_new(array, name, value);
	}
}

/* One more holder of an array, which so stays as it is: who writes to it makes a copy first. */
void steelwool_array_hold(HashTable *array) { GC_TRY_ADDREF(array); }

void steelwool_array_release(HashTable *array) { zend_array_release(array); }

/* The entry at this place or the next one behind it, and the place behind that; false at the end. */
bool steelwool_array_next(HashTable *array, uint32_t *place, zend_string **name, zend_ulong *number, zval **value) {
	uint32_t at;
	for (at = *place; at < array->nNumUsed; at++) {
		Bucket *bucket;
		if (HT_IS_PACKED(array)) {
			if (Z_TYPE(array->arPacked[at]) == IS_UNDEF) continue;
			*name = NULL;
			*number = at;
			*value = array->arPacked + at;
			*place = at + 1;
			return true;
		}
		bucket = array->arData + at;
		if (Z_TYPE(bucket->val) == IS_UNDEF) continue;
		*name = bucket->key;
		*number = bucket->h;
		*value = &bucket->val;
		*place = at + 1;
		return true;
	}
	return false;
}

bool steelwool_fields_numeric(zend_string *name) {
	zend_ulong index;
	return ZEND_HANDLE_NUMERIC_STR(ZSTR_VAL(name), ZSTR_LEN(name), index);
}

zend_ulong steelwool_string_hash(zend_string *string) { return zend_string_hash_val(string); }

void steelwool_string_share(zend_string *string) { GC_ADDREF(string); }

/* A string that is never counted and never freed, as those that are interned. */
zend_string *steelwool_kept(const char *text, size_t length) {
	zend_string *string = zend_string_init(text, length, 1);
	zend_string_hash_val(string);
	GC_ADD_FLAGS(string, IS_STR_INTERNED | IS_STR_PERMANENT);
	return string;
}

/* The value of an array that has this one only; NULL for others. */
zval *steelwool_array_single(HashTable *array) {
	zval *value;
	if (array->nNumUsed != 1) return NULL;
	value = HT_IS_PACKED(array) ? array->arPacked : &array->arData->val;
	return Z_TYPE_P(value) == IS_UNDEF ? NULL : value;
}

zend_string *steelwool_string_room(size_t size) { return zend_string_alloc(size, 0); }
