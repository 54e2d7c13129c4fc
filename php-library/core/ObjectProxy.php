<?php

declare(strict_types=1);

namespace Swoole;

/** Passes everything on to another object: properties, calls, and the call of itself. */
class ObjectProxy
{
    /** @var object */
    protected $__object;

    public function __construct(object $object)
    {
        $this->__object = $object;
    }

    /** @return object the object behind it */
    public function __getObject()
    {
        return $this->__object;
    }

    public function __get(string $name)
    {
        return $this->__object->$name;
    }

    public function __set(string $name, $value): void
    {
        $this->__object->$name = $value;
    }

    public function __isset($name)
    {
        return isset($this->__object->$name);
    }

    public function __unset(string $name): void
    {
        unset($this->__object->$name);
    }

    public function __call(string $name, array $arguments)
    {
        return $this->__object->$name(...$arguments);
    }

    public function __invoke(...$arguments)
    {
        return ($this->__object)(...$arguments);
    }
}
