(* Perceptrons of any number of layers, whose widths are polynomials in n, with any integer weights
   for each n: the program, which computes `perceive` of Definitions.v, and the certificate for all
   parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Generic Rounding Values Vectors.
Import ListNotations.
Open Scope Z_scope.

(* ---- the program ---- *)

(* A layer for every n: the number of its units, its weights W n o k and biases B n o, and its
   activation, whose thresholds may depend on n and the unit. *)
Record dense := mkDense {
  d_units : poly;
  d_weight : nat -> nat -> nat -> Z;
  d_bias : nat -> nat -> Z;
  d_base : Z;
  d_jumps : list (coef * Z) }.

(* It for one n. *)
Definition layer_at (n : nat) (l : dense) : layer :=
  mkLayer (peval (d_units l) n) (d_weight l n) (d_bias l n)
    (fun o => stair (d_base l) (jumpsat (d_jumps l) n [o])).

(* The linear map of a layer that reads the m numbers of value a. *)
Definition dense_sum (m : poly) (a : nat) (l : dense) : op :=
  OSum [d_units l] [m] (CF (fun n v => d_weight l n (nth 0 v 0%nat) (nth 1 v 0%nat)))
    (CF (fun n v => d_bias l n (nth 0 v 0%nat))) [IV 1] a.

(* A linear map and a staircase for each layer, if value a is the last one before. *)
Fixpoint dense_ops (m : poly) (a : nat) (ls : list dense) : list op :=
  match ls with
  | [] => []
  | l :: r =>
    dense_sum m a l :: OStep (d_base l) (d_jumps l) (S a) :: dense_ops (d_units l) (a + 2) r
  end.

(* The perceptron of m inputs of p bits. *)
Definition perceptron (m : poly) (p : nat) (ls : list dense) : prog :=
  mkProg [naturals [m] p] (dense_ops m 0 ls) [(2 * length ls)%nat].

(* ---- what it means ---- *)

(* A layer, whatever came before. *)
Lemma dense_layer n env m a l : length env = S a -> fst (nth a env tnone) = [peval m n] ->
  let env1 := env ++ [sem1 n env (dense_sum m a l)] in
  let t := sem1 n env1 (OStep (d_base l) (d_jumps l) (S a)) in
  fst t = [peval (d_units l) n] /\ elements t = fire (layer_at n l) (elements (nth a env tnone)).
Proof.
  intros L D env1 t. set (X k := snd (nth a env tnone) [k]).
  assert (H : vector (nth a env tnone) (peval m n) X) by now split.
  assert (H1 := sum_vector n env m (d_units l) _ _ a X H
    : vector (sem1 n env (dense_sum m a l)) _ _).
  replace (sem1 n env (dense_sum m a l)) with (nth (S a) env1 tnone) in H1
    by (unfold env1; rewrite <- L, nth_middle; reflexivity).
  apply (step_vector n env1 _ (d_base l) (d_jumps l)) in H1. fold t in H1.
  split; [apply H1 |]. rewrite (vector_elements _ _ _ H1), (vector_elements _ _ _ H).
  unfold fire. rewrite map_length, seq_length. apply map_ext. intro o. cbn beta.
  cbn [layer_at l_activation l_bias l_weight]. do 2 f_equal. apply bigsum_ext. intros k K.
  rewrite (nth_indep _ 0 (X 0%nat)), map_nth, seq_nth by now rewrite ?map_length, ?seq_length.
  reflexivity.
Qed.

(* Layers one after another, whatever came before. *)
Lemma dense_meaning n ls : forall m a env,
  length env = S a -> fst (nth a env tnone) = [peval m n] ->
  elements (nth (a + 2 * length ls) (sems n (dense_ops m a ls) env) tnone) =
    perceive (map (layer_at n) ls) (elements (nth a env tnone)).
Proof.
  induction ls as [| l ls IH]; intros m a env L D; cbn [dense_ops length map perceive].
  - now rewrite Nat.add_0_r.
  - destruct (dense_layer n env m a l L D) as [F X].
    rewrite !sems_cons. set (env1 := env ++ _) in *. set (t := sem1 n env1 _) in *.
    assert (Lt : length env1 = S (S a)) by (unfold env1; rewrite app_length; simpl; lia).
    assert (E : nth (a + 2) (env1 ++ [t]) tnone = t)
      by (replace (a + 2)%nat with (length env1) by lia; apply nth_middle).
    replace (a + 2 * S (length ls))%nat with (a + 2 + 2 * length ls)%nat by lia.
    rewrite IH; rewrite ?E.
    + now rewrite X.
    + rewrite app_length. simpl. lia.
    + exact F.
Qed.

(* Layers with equal activations make the same. *)
Definition alike (l l' : layer) : Prop :=
  l_units l = l_units l' /\ l_weight l = l_weight l' /\ l_bias l = l_bias l' /\
  forall o y, l_activation l o y = l_activation l' o y.
Lemma perceive_alike ls ls' : Forall2 alike ls ls' -> forall x, perceive ls x = perceive ls' x.
Proof.
  induction 1 as [| l l' r r' (U & W & B & A) _ IH]; intro x; cbn [perceive]; auto.
  rewrite IH. f_equal. unfold fire. rewrite U, W, B. now apply map_ext.
Qed.

(* The natural numbers that an input has. *)
Lemma naturals_elements n m p x :
  elements (sem0 (naturals [m] p) n 0 x) = map (decode_vector p x) (seq 0 (peval m n)).
Proof.
  apply vector_elements. split; [reflexivity |]. intros k K.
  unfold sem0, wire. cbn [naturals in_shape in_base in_bits in_place snd]. unfold dims. cbn [map].
  rewrite table_eq, inb1, Z.add_0_l by lia. reflexivity.
Qed.

(* The program means the perceptron. *)
Theorem perceptron_meaning m p ls n x : meaning (perceptron m p ls) n x =
  perceive (map (layer_at n) ls) (map (decode_vector p x) (seq 0 (peval m n))).
Proof.
  unfold meaning. cbn [p_outs p_ops p_ins perceptron flat_map sems0]. rewrite app_nil_r.
  rewrite <- naturals_elements.
  exact (dense_meaning n ls m 0 [sem0 (naturals [m] p) n 0 x] eq_refl eq_refl).
Qed.
Print Assumptions perceptron_meaning.

(* ---- depth and size ---- *)

(* As many gates as the staircases of all units have jumps. *)
Definition dense_gates (n : nat) (ls : list dense) : nat :=
  list_sum (map (fun l => peval (d_units l) n * length (d_jumps l))%nat ls).

(* What the analysis finds: a level and its jumps for each layer. *)
Lemma dense_analysed ls : forall m a env count,
  length env = S a -> s_sh (nth a env snone) = [m] ->
  exists c, anas (dense_ops m a ls) env count (s_lev (nth a env snone)) =
      Some (c, s_lev (nth a env snone) + length ls)%nat /\
    forall n, cev c n = (cev count n + dense_gates n ls)%nat.
Proof.
  induction ls as [| l ls IH]; intros m a env count L H; cbn [dense_ops anas length].
  - exists count. rewrite Nat.add_0_r. split; [reflexivity | intro; unfold dense_gates; simpl; lia].
  - cbn [ok1]. set (s1 := ana1 env _). set (env1 := env ++ [s1]).
    assert (E1 : nth (S a) env1 snone = s1) by (unfold env1; rewrite <- L; apply nth_middle).
    set (s2 := ana1 env1 _). set (count1 := nadd (nadd _ _) _).
    assert (L1 : length env1 = S (S a)) by (unfold env1; rewrite app_length; simpl; lia).
    assert (E2 : nth (a + 2) (env1 ++ [s2]) snone = s2)
      by (replace (a + 2)%nat with (length env1) by lia; apply nth_middle).
    assert (V1 : s_lev s1 = s_lev (nth a env snone)) by reflexivity.
    assert (V2 : s_lev s2 = S (s_lev (nth a env snone)))
      by (unfold s2; cbn [ana1 s_lev]; now rewrite E1, V1).
    destruct (IH (d_units l) (a + 2)%nat (env1 ++ [s2]) count1) as (c & A & C).
    + rewrite app_length. simpl. lia.
    + rewrite E2. unfold s2. cbn [ana1 s_sh]. now rewrite E1.
    + exists c. rewrite E2, V2 in A.
      replace (Nat.max (Nat.max (s_lev (nth a env snone)) (s_lev s1)) (s_lev s2))
        with (S (s_lev (nth a env snone))) by lia.
      rewrite A. split; [now rewrite Nat.add_succ_r |].
      intro n. rewrite C. unfold count1, dense_gates. cbn [map].
      rewrite !cev_add. unfold Analysis.count1. rewrite E1, cev_mul, cev_c, cev_prod.
      unfold s1, dense_sum. cbn [ana1 s_sh map prod fold_right].
      change (cev [] n) with 0%nat. simpl list_sum. lia.
Qed.

(* Perceptrons are in TC0, if the widths are polynomials in n: a level for each layer, and as many
   gates as all staircases have jumps. *)
Theorem perceptron_TC0 m p ls : forall n, (1 <= n)%nat ->
  let c := compile (perceptron m p ls) n in
  wf c /\ (depth c <= length ls)%nat /\ (size c <= dense_gates n ls)%nat /\
  forall x, eval c x =
    perceive (map (layer_at n) ls) (map (decode_vector p x) (seq 0 (peval m n))).
Proof.
  intros n Hn. destruct (dense_analysed ls m 0 [st0 (naturals [m] p)] [] eq_refl eq_refl)
    as (count & A & C).
  destruct (compile_ok (perceptron m p ls) count (length ls) A n Hn) as (W & L & S & V).
  intro c. split; [exact W | split; [exact L | split]].
  - etransitivity; [exact S |]. now rewrite C.
  - intro x. rewrite <- perceptron_meaning. apply V.
Qed.
Print Assumptions perceptron_TC0.

(* A staircase whose jumps are chosen. *)
Lemma jumpsat_jumps at_ by_ k n i :
  jumpsat (jumps at_ by_ k) n i = map (fun j => (at_ j, by_ j)) (seq 0 k).
Proof. unfold jumpsat, jumps. now rewrite map_map. Qed.

(* From what is certified of a concrete program, shows that it computes a perceptron whose layers
   round to the units of Generic.v, or have staircases that are chosen. *)
Ltac certify_perceptron certificate m p ls :=
  intros n Hn; destruct (certificate n Hn) as (W & D & S & V);
  split; [exact W | split; [exact D | split; [exact S |]]]; intro x; rewrite V;
  lazymatch goal with
  | |- meaning ?program _ _ = _ =>
    let E := fresh in
    assert (E : program = perceptron m p ls)
      by (cbv beta iota zeta delta [perceptron dense_ops dense_sum d_units d_weight d_bias d_base
            d_jumps length Nat.add Nat.mul]; reflexivity);
    rewrite E
  end;
  rewrite perceptron_meaning; apply perceive_alike;
  cbv beta iota delta [map layer_at d_units d_weight d_bias d_base d_jumps];
  repeat first
  [ apply Forall2_nil
  | apply Forall2_cons;
    [ unfold alike; cbv beta iota delta [l_units l_weight l_bias l_activation];
      split; [reflexivity | split; [reflexivity | split; [reflexivity |
        intros; first
        [ apply rounding_round;
          lazymatch goal with |- 0 < ?unit _ => unfold unit end; apply layer_unit_pos
        | rewrite jumpsat_jumps; reflexivity ]]]] |] ].
