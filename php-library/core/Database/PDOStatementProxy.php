<?php

declare(strict_types=1);

namespace Swoole\Database;

/**
 * A statement of {@see PDOProxy}: when its connection is lost outside of a transaction it is prepared again on the new one, with
 * what was set and bound.
 *
 * @mixin \PDOStatement
 */
class PDOStatementProxy extends ObjectProxy
{
    /** @var \PDOStatement */
    protected $__object;

    protected array $setAttributeContext = [];

    protected array $setFetchModeContext;

    protected array $bindParamContext = [];

    protected array $bindColumnContext = [];

    protected array $bindValueContext = [];

    protected PDOProxy $parent;

    /** @var int */
    protected $parentRound;

    public function __construct(\PDOStatement $object, PDOProxy $parent)
    {
        parent::__construct($object);
        $this->parent = $parent;
        $this->parentRound = $parent->getRound();
    }

    public function __call(string $name, array $arguments)
    {
        try {
            return $this->__object->$name(...$arguments);
        } catch (\PDOException $error) {
            if ($this->parent->inTransaction() || !DetectsLostConnections::causedByLostConnection($error)) {
                throw $error;
            }
            $this->prepareAgain();
            return $this->__object->$name(...$arguments);
        }
    }

    public function setAttribute(int $attribute, $value): bool
    {
        $this->setAttributeContext[$attribute] = $value;
        return $this->__object->setAttribute($attribute, $value);
    }

    public function setFetchMode(int $mode, ...$params): bool
    {
        $this->setFetchModeContext = [$mode, ...$params];
        return $this->__object->setFetchMode($mode, ...$params);
    }

    public function bindParam($parameter, &$variable, $data_type = \PDO::PARAM_STR, $length = 0, $driver_options = null): bool
    {
        $this->bindParamContext[$parameter] = [&$variable, $data_type, $length, $driver_options];
        return $this->__object->bindParam($parameter, $variable, $data_type, $length, $driver_options);
    }

    public function bindColumn($column, &$param, $type = null, $maxlen = null, $driverdata = null): bool
    {
        // PDO does not take null for these two.
        $type ??= \PDO::PARAM_STR;
        $maxlen ??= 0;
        $this->bindColumnContext[$column] = [&$param, $type, $maxlen, $driverdata];
        return $this->__object->bindColumn($column, $param, $type, $maxlen, $driverdata);
    }

    public function bindValue($parameter, $value, $data_type = \PDO::PARAM_STR): bool
    {
        $this->bindValueContext[$parameter] = [$value, $data_type];
        return $this->__object->bindValue($parameter, $value, $data_type);
    }

    private function prepareAgain(): void
    {
        if ($this->parent->getRound() === $this->parentRound) {
            // Otherwise somebody else has connected again already.
            $this->parent->reconnect();
        }
        $this->parentRound = $this->parent->getRound();
        $statement = $this->parent->__getObject()->prepare($this->__object->queryString);
        $this->__object = $statement;
        foreach ($this->setAttributeContext as $attribute => $value) {
            $statement->setAttribute($attribute, $value);
        }
        if (isset($this->setFetchModeContext)) {
            $statement->setFetchMode(...$this->setFetchModeContext);
        }
        foreach ($this->bindParamContext as $parameter => &$bound) {
            $statement->bindParam($parameter, $bound[0], $bound[1], $bound[2], $bound[3]);
        }
        foreach ($this->bindColumnContext as $column => &$bound) {
            $statement->bindColumn($column, $bound[0], $bound[1], $bound[2], $bound[3]);
        }
        foreach ($this->bindValueContext as $parameter => $bound) {
            $statement->bindValue($parameter, ...$bound);
        }
    }
}
