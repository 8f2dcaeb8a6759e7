"""Keeps a pet in a database in memory with the models of pets-spec.json, and prints it as JSON."""

import json

import pets
from open_alchemy import models
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")
models.Base.metadata.create_all(engine)
with Session(engine) as session:
    whippet = {"name": "whippet", "species": {"name": "dog"}}
    session.add(pets.Pet.from_dict(name="Biscuit", chip="977200008123456", breed=whippet))
    session.commit()
    print(json.dumps(session.query(pets.Pet).one().to_dict()))
