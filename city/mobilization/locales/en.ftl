mobilization-nav = Mobilisation
